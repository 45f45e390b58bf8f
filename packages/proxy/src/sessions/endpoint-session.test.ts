import { describe, expect, it } from 'vitest';
import { endpointSession, postedSession } from './endpoint-session.ts';

const map = {
  upstreamOrigins: ['http://localhost:8000', 'http://127.0.0.1:8000'],
  platformOrigin: 'https://platform.example.com',
  prefix: '/api/v1/proxy/hosted/d',
};

describe('endpointSession', () => {
  it.each([
    ['/messages?sessionId=7', '/messages?sessionId=7'],
    ['/messages/?session_id=7&x=1', '/messages/?session_id=7&x=1'],
    ['messages?sessionId=7', '/a/messages?sessionId=7'],
    ['?sessionId=7', '/a/sse?sessionId=7'],
    ['http://localhost:8000/messages?sessionId=7', '/messages?sessionId=7'],
    ['http://127.0.0.1:8000/messages/7', '/messages/7'],
    ['/api/v1/proxy/hosted/d/messages?sessionId=7', '/messages?sessionId=7'],
    ['https://platform.example.com/api/v1/proxy/hosted/d/messages?sessionId=7', '/messages?sessionId=7'],
    ['https://platform.example.com/messages?sessionId=7', undefined],
    ['http://evil.example.com/messages?sessionId=7', undefined],
    ['http://evil.example.com/api/v1/proxy/hosted/d/messages', undefined],
    ['//evil.example.com/messages', undefined],
    ['http://[', undefined],
  ])('reads %s as %s', (address, key) => {
    expect(endpointSession(address, '/a/sse?v=1', map)).toBe(key);
  });

  it.each([
    ['/api/v1/proxy/c/mcp?sessionId=7', '/sse?sessionId=7'],
    ['/sse?sessionId=7', '/sse?sessionId=7'],
    ['/api/v1/proxy/c/messages?sessionId=7', '/messages?sessionId=7'],
  ])('reads %s below the address of a connector as %s', (address, key) => {
    expect(endpointSession(address, '/sse', { ...map, prefix: '/api/v1/proxy/c', mcpPath: '/sse' })).toBe(key);
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
