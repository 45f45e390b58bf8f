import { describe, expect, it } from 'vitest';
import { fromProblem, toProblem } from './problem.ts';
import { errorMaker, hasCode, isRunlayerError, type RunlayerError } from './runlayer-error.ts';

const parts = ({ code, title, status, message, hint, docs, issues, data }: RunlayerError) => ({
  code,
  title,
  status,
  message,
  hint,
  docs,
  issues,
  data,
});
const fail = errorMaker({ ERR_TEST_BROKEN: { title: 'Broken', status: 422, hint: 'Mend it.' } });

describe('problem details', () => {
  it('carries every part of an error across HTTP and back', () => {
    const sent = fail('ERR_TEST_BROKEN', 'The thing broke.', {
      issues: [{ path: 'a.b', message: 'no', line: 3, column: 5 }],
      data: { since: 'now' },
    });
    const came = fromProblem(JSON.parse(JSON.stringify(toProblem(sent))), 422);
    expect(parts(came)).toEqual(parts(sent));
  });

  it('tells nothing of an error that is not ours', () => {
    expect(JSON.stringify(toProblem(new Error('password=hunter2')))).not.toContain('hunter2');
  });

  it.each([
    ['a page of HTML', '<html>', 'The server answered with status 502.'],
    ['a plain detail', { detail: 'Not found' }, 'Not found'],
    ['null', null, 'The server answered with status 502.'],
    ['a list as detail', { detail: [{ loc: ['body'] }] }, 'The server answered with status 502.'],
  ])('reads %s', (_name, body, message) => {
    expect(fromProblem(body, 502)).toMatchObject({ code: 'ERR_HTTP_STATUS', status: 502, message });
  });

  it('ignores a link that is no web address', () => {
    expect(fromProblem({ code: 'ERR_X_Y', detail: 'x', type: 'javascript:alert(1)' }, 400).docs).toMatch(/^https:/);
  });
});

describe('RunlayerError', () => {
  it('takes the hint of its table unless a better one is given', () => {
    expect(fail('ERR_TEST_BROKEN', 'm').hint).toBe('Mend it.');
    expect(fail('ERR_TEST_BROKEN', 'm', { hint: 'Other.' }).hint).toBe('Other.');
  });

  it('is known by its shape, whichever copy of the class made it', () => {
    const foreign = Object.assign(new Error('m'), { code: 'ERR_TEST_BROKEN', issues: [] });
    expect(isRunlayerError(foreign)).toBe(true);
    expect(hasCode(foreign, 'ERR_TEST_BROKEN')).toBe(true);
    expect(isRunlayerError(Object.assign(new Error('m'), { code: 'ENOENT' }))).toBe(false);
  });
});
