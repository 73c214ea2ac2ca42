const CELLS = 20

/** A bar for a share from 0 to 1. */
export function barOf(share: number): string {
  const full = Math.floor(Math.max(0, Math.min(1, share)) * CELLS)
  return `[${'#'.repeat(full)}${'.'.repeat(CELLS - full)}]`
}
