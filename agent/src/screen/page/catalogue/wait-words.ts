// How long somebody has to wait, as she would say it: seconds while they can be counted, then
// minutes. The units are the same in every language here. Pure.

const countedMax = 90

/** “30 s”, “15 min”: never less than is left. */
export function waitWords(seconds: number): string {
  return seconds <= countedMax ? `${String(seconds)} s` : `${String(Math.ceil(seconds / 60))} min`
}
