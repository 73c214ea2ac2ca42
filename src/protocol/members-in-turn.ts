/**
 * A table by names, for objects that mostly have the same names in the same order, as the lines of a bill: what was found for a
 * place the last time is compared with, which takes a tenth of looking for it again. What it gives is what the table has.
 */
export class MembersInTurn<Member> {
  private readonly table: ReadonlyMap<string, Member>
  /** By the place of a name in its object. */
  private readonly names: string[] = []
  private readonly members: Member[] = []

  constructor(table: ReadonlyMap<string, Member>) {
    this.table = table
  }

  /** The member of this name, the one at `place` in its object; undefined when the table has none. */
  at(place: number, name: string): Member | undefined {
    if (place < this.names.length && this.names[place] === name) return this.members[place]
    const member = this.table.get(name)
    // Names of the table only, and each once in an object: there are no more places than names.
    if (member !== undefined && place <= this.names.length) {
      this.names[place] = name
      this.members[place] = member
    }
    return member
  }
}
