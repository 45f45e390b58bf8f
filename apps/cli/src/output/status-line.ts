// On a terminal: the last line, redrawn, shows what goes on and for how long.
import type { Writable } from 'node:stream';
import { cleanText } from './clean-text.ts';
import type { Pulse } from './heartbeat.ts';

const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const clearLine = '\r\u001b[2K';

/** Draws on the stream until stopped; hide it before anything else is written there. */
export function statusLine(stream: Writable & { readonly columns?: number }, label: string): Pulse {
  const began = Date.now();
  let detail = '';
  let frame = 0;
  const draw = (): void => {
    const seconds = Math.floor((Date.now() - began) / 1000);
    const text = `${frames[frame % frames.length]} ${cleanText(label)}${seconds > 0 ? ` ${seconds} s` : ''}${detail}`;
    stream.write(clearLine + text.slice(0, Math.max(10, (stream.columns ?? 80) - 1)));
  };
  const timer = setInterval(() => {
    frame += 1;
    draw();
  }, 100);
  timer.unref();
  draw();
  return {
    update: (text) => {
      detail = text === '' ? '' : ` · ${cleanText(text)}`;
    },
    hide: () => void stream.write(clearLine),
    show: draw,
    stop: () => clearInterval(timer),
  };
}
