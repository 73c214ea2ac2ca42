/**
 * The same number, in the form that the engine keeps inside an object. What is read from an array of doubles, or computed from
 * that, is a box of 16 bytes of its own to V8, even where it is a small whole number; a property that has once held such a box
 * has one in every object made after. Numbers of 32 bits need none. To be put where amounts leave the working arrays. Of −0 it
 * makes 0.
 */
export function unboxed(amount: number): number {
  const word = amount | 0
  return word === amount ? word : amount
}
