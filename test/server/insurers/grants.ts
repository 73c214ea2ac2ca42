import type { GrantEntry } from '../../../src/ledger/grant.ts'
import {
  signCommand,
  makeSigningKey,
  readPrivateKey,
} from '../../../src/server/insurers/sign-command.ts'
import type { PackCommand } from '../../../src/server/insurers/pack-command.ts'
import type { SigningAlgorithm } from '../../../src/ledger/grant.ts'
import { readPacks } from '../../../src/rules/read/read-packs.ts'
import type { RulePack } from '../../../src/rules/pack.ts'
import { accepted } from '../../conformance/rules.ts'

/** A key that signs with rising numbers. */
export class TestSigner {
  readonly id: string
  readonly private
  #number = 0

  constructor(id = 'k1', algorithm: SigningAlgorithm = 'ed25519') {
    this.id = id
    this.private = accepted(readPrivateKey(makeSigningKey(algorithm)), 'key')
  }

  get key(): GrantEntry['keys'][number] {
    const { algorithm, publicKey } = this.private
    return { id: this.id, algorithm, publicKey }
  }

  sign(command: PackCommand, number = (this.#number += 1)): ReturnType<typeof signCommand> {
    return signCommand(command, { key: this.id, number }, this.private)
  }
}

/** What `town/acme` needs and no more. */
export function acmeGrant(keys: GrantEntry['keys'], changed: Partial<GrantEntry> = {}): GrantEntry {
  return {
    id: 'acme',
    payers: ['acme-insurer'],
    kinds: ['commercial'],
    counters: ['town/acme'],
    jurisdictions: ['town'],
    facts: ['person.age', 'visit.*'],
    keys,
    ...changed,
  }
}

export interface AcmePack {
  readonly id?: string
  readonly payer?: string
  readonly kind?: string
  readonly rate?: string
  readonly when?: string
  /** Further lines of YAML, at the first column. */
  readonly more?: string
  readonly from?: string
}

/** The text of a pack of the insurer `acme`. */
export function acmeText({
  id = 'town/acme',
  payer = 'acme-insurer',
  kind = 'commercial',
  rate = '50%',
  when = 'person.age >= 0',
  more = '',
  from = '2023-01-01',
}: AcmePack = {}): string {
  return `
pack: ${id}
kind: ${kind}
payer: { id: ${payer} }
effective: { from: ${from} }
source: 戊条款
${more}
benefits:
  - id: rest
    clause: 一
    when: "${when}"
    base: [inScope]
    rate: ${rate}
`
}

export function acmePack(changed: AcmePack = {}): RulePack {
  const read = readPacks(acmeText(changed), 'acme.yaml', () => undefined)
  const [pack] = accepted(read, 'acme').packs
  if (pack === undefined) throw new Error('no pack')
  return pack
}
