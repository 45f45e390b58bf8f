import { describe, expect, it } from 'vitest';
import { endpointSession, postedSession } from './endpoint-session.ts';

const origins = ['http://localhost:8000', 'http://127.0.0.1:8000'];

describe('endpointSession', () => {
  it.each([
    ['/messages?sessionId=7', '/messages?sessionId=7'],
    ['/messages/?session_id=7&x=1', '/messages/?session_id=7&x=1'],
    ['messages?sessionId=7', '/a/messages?sessionId=7'],
    ['?sessionId=7', '/a/sse?sessionId=7'],
    ['http://localhost:8000/messages?sessionId=7', '/messages?sessionId=7'],
    ['http://127.0.0.1:8000/messages/7', '/messages/7'],
    ['http://evil.example.com/messages?sessionId=7', undefined],
    ['//evil.example.com/messages', undefined],
    ['http://[', undefined],
  ])('reads %s as %s', (address, key) => {
    expect(endpointSession(address, '/a/sse?v=1', origins)).toBe(key);
  });
});

describe('postedSession', () => {
  it.each([
    ['POST', '/messages?sessionId=7', '/messages?sessionId=7'],
    ['POST', '/sse?sessionId=7', '/sse?sessionId=7'],
    ['POST', '/sse', undefined],
    ['GET', '/messages?sessionId=7', undefined],
  ])('reads %s %s as %s', (method, path, key) => {
    expect(postedSession(method, path, '/sse')).toBe(key);
  });
});
