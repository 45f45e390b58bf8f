/* What runs in the container of a deployment: it calls AWS with what it finds in its environment, signed by itself, as an SDK would.
   POST /<service> with X-Amz-Target and a body is sent on to ENDPOINT, signed for that service, $NAME in the body being a variable;
   GET answers that it serves.
   The signature: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, the hash: FIPS 180-4. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX 65536

static const uint32_t cube_roots[64] = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};
static const uint32_t square_roots[8] = {
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static uint32_t turn(uint32_t x, int by) { return x >> by | x << (32 - by); }

static void block(uint32_t state[8], const unsigned char *from) {
  uint32_t w[64], s[8];
  for (int i = 0; i < 16; i++) w[i] = (uint32_t)from[4 * i] << 24 | from[4 * i + 1] << 16 | from[4 * i + 2] << 8 | from[4 * i + 3];
  for (int i = 16; i < 64; i++) {
    uint32_t a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + w[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ a >> 3) + (turn(b, 17) ^ turn(b, 19) ^ b >> 10);
  }
  memcpy(s, state, sizeof s);
  for (int i = 0; i < 64; i++) {
    uint32_t one = s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + cube_roots[i] + w[i];
    uint32_t two = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    memmove(s + 1, s, 7 * sizeof *s);
    s[4] += one;
    s[0] = one + two;
  }
  for (int i = 0; i < 8; i++) state[i] += s[i];
}

static void sha256(const void *data, size_t length, unsigned char out[32]) {
  uint32_t state[8];
  unsigned char last[128] = {0};
  size_t whole = length / 64 * 64, rest = length - whole, size = rest < 56 ? 64 : 128;
  memcpy(state, square_roots, sizeof state);
  for (size_t at = 0; at < whole; at += 64) block(state, (const unsigned char *)data + at);
  memcpy(last, (const unsigned char *)data + whole, rest);
  last[rest] = 0x80;
  for (int i = 0; i < 8; i++) last[size - 1 - i] = (unsigned char)((uint64_t)length * 8 >> 8 * i);
  for (size_t at = 0; at < size; at += 64) block(state, last + at);
  for (int i = 0; i < 32; i++) out[i] = (unsigned char)(state[i / 4] >> (24 - i % 4 * 8));
}

static void mac(const unsigned char *key, size_t length, const char *text, unsigned char out[32]) {
  static unsigned char inner[64 + MAX], outer[64 + 32];
  unsigned char padded[64] = {0};
  if (length > 64) sha256(key, length, padded);
  else memcpy(padded, key, length);
  for (int i = 0; i < 64; i++) inner[i] = padded[i] ^ 0x36, outer[i] = padded[i] ^ 0x5c;
  memcpy(inner + 64, text, strlen(text));
  sha256(inner, 64 + strlen(text), outer + 64);
  sha256(outer, sizeof outer, out);
}

static const char *hex(const unsigned char bytes[32]) {
  static char text[2][65];
  static int turns;
  char *out = text[turns++ % 2];
  for (int i = 0; i < 32; i++) sprintf(out + 2 * i, "%02x", bytes[i]);
  return out;
}

static const char *env(const char *name) {
  const char *value = getenv(name);
  return value ? value : "";
}

/* The whole request, signed. */
static size_t signed_request(char *out, const char *host, const char *service, const char *target, const char *body) {
  static char text[MAX];
  char stamp[20], scope[200], key[300];
  unsigned char sum[32];
  time_t now = time(NULL);
  strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", gmtime(&now));
  snprintf(scope, sizeof scope, "%.8s/us-east-1/%s/aws4_request", stamp, service);
  const char *names = "host;x-amz-date;x-amz-security-token", *token = env("AWS_SESSION_TOKEN");
  sha256(body, strlen(body), sum);
  snprintf(text, sizeof text, "POST\n/\n\nhost:%s\nx-amz-date:%s\nx-amz-security-token:%s\n\n%s\n%s", host, stamp, token, names, hex(sum));
  sha256(text, strlen(text), sum);
  snprintf(text, sizeof text, "AWS4-HMAC-SHA256\n%s\n%s\n%s", stamp, scope, hex(sum));
  snprintf(key, sizeof key, "AWS4%s", env("AWS_SECRET_ACCESS_KEY"));
  char day[9] = {0};
  memcpy(day, stamp, 8);
  mac((unsigned char *)key, strlen(key), day, sum);
  const char *parts[] = {"us-east-1", service, "aws4_request", text};
  for (int i = 0; i < 4; i++) mac(sum, 32, parts[i], sum);
  const char *type = *target ? "application/x-amz-json-1.0" : "application/x-www-form-urlencoded";
  return (size_t)snprintf(out, 2 * MAX,
    "POST / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %zu\r\nX-Amz-Date: %s\r\nX-Amz-Security-Token: %s\r\n"
    "X-Amz-Target: %s\r\nAuthorization: AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s\r\n\r\n%s",
    host, type, strlen(body), stamp, token, target, env("AWS_ACCESS_KEY_ID"), scope, names, hex(sum), body);
}

/* To an address such as 172.17.0.1:4566. */
static int connected(const char *place) {
  char host[40] = {0};
  int port = 0;
  struct sockaddr_in there = {.sin_family = AF_INET};
  if (sscanf(place, "%39[0-9.]:%d", host, &port) != 2 || inet_pton(AF_INET, host, &there.sin_addr) != 1) return -1;
  there.sin_port = htons((uint16_t)port);
  int out = socket(AF_INET, SOCK_STREAM, 0);
  return connect(out, (struct sockaddr *)&there, sizeof there) ? -1 : out;
}

/* Puts variables in for $NAME: what is called is what the container was told. */
static void expand(char *out, size_t cap, const char *text) {
  char name[100];
  size_t at = 0;
  while (*text && at + 1 < cap) {
    int used = 0;
    if (sscanf(text, "$%99[A-Z_]%n", name, &used) == 1) at += (size_t)snprintf(out + at, cap - at, "%s", env(name)), text += used;
    else out[at++] = *text++;
  }
  out[at] = 0;
}

static void tell(int fd, const char *text, size_t length) {
  for (ssize_t sent; length > 0 && (sent = write(fd, text, length)) > 0; text += sent) length -= (size_t)sent;
}

static void say(int fd, const char *status, const char *body) {
  char text[500];
  snprintf(text, sizeof text, "HTTP/1.1 %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s", status, strlen(body), body);
  tell(fd, text, strlen(text));
}

/* The answer of AWS goes back as it comes. */
static void call(int fd, const char *service, const char *target, const char *body) {
  static char request[2 * MAX], place[300], piece[MAX], whole[MAX];
  snprintf(place, sizeof place, "%s", env("ENDPOINT") + (strncmp(env("ENDPOINT"), "http://", 7) == 0 ? 7 : 0));
  place[strcspn(place, "/")] = 0;
  expand(whole, sizeof whole, body);
  size_t length = signed_request(request, place, service, target, whole);
  int out = connected(place);
  if (out < 0) return say(fd, "502 Bad Gateway", place);
  tell(out, request, length);
  for (ssize_t got; (got = read(out, piece, sizeof piece)) > 0;) tell(fd, piece, (size_t)got);
  close(out);
}

static void serve(int fd) {
  static char request[MAX];
  char service[40], target[100] = "";
  size_t length = 0, wanted = 0;
  char *body = NULL;
  while (length < MAX - 1 && (body == NULL || length < (size_t)(body - request) + wanted)) {
    ssize_t got = read(fd, request + length, MAX - 1 - length);
    if (got <= 0) return;
    request[length += (size_t)got] = 0;
    if (body != NULL || (body = strstr(request, "\r\n\r\n")) == NULL) continue;
    body += 4;
    for (char *line = request; line < body; line = strchr(line, '\n') + 1) {
      if (strncasecmp(line, "content-length:", 15) == 0) wanted = (size_t)atol(line + 15);
      if (strncasecmp(line, "x-amz-target:", 13) == 0) sscanf(line + 13, " %99[^\r]", target);
    }
  }
  if (sscanf(request, "POST /%39[a-z]", service) != 1) return say(fd, "200 OK", "{}");
  call(fd, service, target, body);
}

static void stop(int number) { (void)number; _exit(0); }

int main(void) {
  signal(SIGTERM, stop);
  signal(SIGCHLD, SIG_IGN);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(8000)};
  int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 16)) return 1;
  for (;;) {
    int fd = accept(listener, NULL, NULL);
    if (fd >= 0 && fork() == 0) { serve(fd); shutdown(fd, SHUT_WR); _exit(0); }
    if (fd >= 0) close(fd);
  }
}
