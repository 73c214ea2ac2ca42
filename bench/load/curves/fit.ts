/** A straight line through points by least squares. */
export interface Fit {
  readonly slope: number
  readonly intercept: number
}

export type Points = readonly (readonly [number, number])[]

export function lineThrough(points: Points): Fit {
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const covariance = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0)
  const variance = points.reduce((sum, [a]) => sum + (a - x) ** 2, 0)
  const slope = covariance / variance
  return { slope, intercept: y - slope * x }
}

/** The power of x that y grows with: 1 when it is linear, 0 when it is flat. */
export function powerOf(points: Points): number {
  return lineThrough(points.map(([x, y]) => [Math.log(x), Math.log(y)])).slope
}
