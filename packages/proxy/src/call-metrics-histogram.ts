// Counts times in buckets that suit both a quick tool and one that works for half an hour.

/** Upper bounds of the buckets, seconds. */
export const bucketSeconds: readonly number[] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];

/** How often something took how long. */
export class Histogram {
  readonly #counts: number[] = bucketSeconds.map(() => 0);
  #sumMs = 0;
  #count = 0;

  add(milliseconds: number): void {
    this.#count += 1;
    this.#sumMs += milliseconds;
    const seconds = milliseconds / 1_000;
    for (let index = 0; index < bucketSeconds.length; index += 1) {
      if (seconds > (bucketSeconds[index] as number)) continue;
      this.#counts[index] = (this.#counts[index] as number) + 1;
      return;
    }
  }

  /** Its series: endings of the metric's name, labels and values. */
  series(labels: string): (readonly [ending: string, labels: string, value: number])[] {
    let below = 0;
    const buckets = bucketSeconds.map((bound, index) => {
      below += this.#counts[index] as number;
      return ['_bucket', `${labels},le="${bound}"`, below] as const;
    });
    return [
      ...buckets,
      ['_bucket', `${labels},le="+Inf"`, this.#count],
      ['_sum', labels, this.#sumMs / 1_000],
      ['_count', labels, this.#count],
    ];
  }
}
