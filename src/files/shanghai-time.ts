const SHANGHAI_MS = 8 * 3_600_000

/** `2026-11-25 10:00:13`, Asia/Shanghai, of a time in ms. */
export function shanghaiTime(at: number): string {
  return new Date(at + SHANGHAI_MS).toISOString().slice(0, 19).replace('T', ' ')
}
