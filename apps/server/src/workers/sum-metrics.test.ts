import { expect, it } from 'vitest';
import { sumMetrics } from './sum-metrics.ts';

it('adds what has the same name and labels, and keeps what stands in one text only', () => {
  const first = '# HELP calls Calls.\n# TYPE calls counter\ncalls{route="a b"} 1\ncalls{route="c"} 2.5\n';
  const second = '# HELP calls Calls.\n# TYPE calls counter\ncalls{route="a b"} 41\n# TYPE open gauge\nopen 7\n';
  expect(sumMetrics([first, '', second])).toBe(
    '# HELP calls Calls.\n# TYPE calls counter\ncalls{route="a b"} 42\ncalls{route="c"} 2.5\n# TYPE open gauge\nopen 7\n',
  );
});

it('keeps each sample below its own heading when a later text has one more', () => {
  const first = '# TYPE calls counter\ncalls{route="a"} 1\n# TYPE open gauge\nopen 1\n';
  const second = '# TYPE calls counter\ncalls{route="a"} 1\ncalls{route="b"} 5\n# TYPE open gauge\nopen 1\n';
  expect(sumMetrics([first, second])).toBe('# TYPE calls counter\ncalls{route="a"} 2\ncalls{route="b"} 5\n# TYPE open gauge\nopen 2\n');
});
