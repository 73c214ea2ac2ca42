/** One secret of a principal; the ledger has its hash only. */
export interface CredentialSecret {
  /** SHA-256 of the text of the secret, 64 hexadecimal digits. */
  readonly secretHash: string
  /** First day it is valid, `YYYY-MM-DD` in China; without it, from when it is made. */
  readonly from?: string
  /** Last day it is valid, `YYYY-MM-DD` in China; without it, until it is taken away. */
  readonly until?: string
}

/** Who may log in: the content of a register entry of kind `credential`. */
export interface CredentialEntry {
  readonly id: string
  readonly role: 'terminal' | 'operator' | 'insurer' | 'auditor'
  /** Institution code; for a terminal and nobody else. */
  readonly hospital?: string
  readonly name?: string
  /** Two while a secret is being changed. */
  readonly secrets: readonly CredentialSecret[]
}
