/** Figures as they stand in tables. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en')
}

export function perSecond(value: number): string {
  return `${count(value)}/s`
}

export function ms(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : count(value)} ms`
}

export function times(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ×`
}

export function megabytes(value: number): string {
  return `${count(value)} MB`
}
