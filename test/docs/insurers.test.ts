import { describe, expect, it } from 'vitest'
import { INSURER_ROUTES } from '../../src/server/insurers/routes.ts'
import { signedBytes } from '../../src/server/insurers/pack-command.ts'
import { LANGUAGES, documentText } from './documents.ts'

/** What a role is called in the tables. */
const ROLE_WORDS = {
  terminal: { en: 'terminal', zh: '终端' },
  insurer: { en: 'insurer', zh: '保险公司' },
  operator: { en: 'operator', zh: '运营方' },
  auditor: { en: 'auditor', zh: '审计方' },
} as const

describe.each(LANGUAGES)('guide for insurers, %s', (language) => {
  const document = documentText('insurers', language)

  it('has every request with its roles', () => {
    const rows = [...document.matchAll(/^\| `((?:GET|POST|PUT|DELETE) [^`]+)` *\| ([^|]+?) *\|/gm)]
    const found = rows.map(([, request = '', roles = '']) => `${request} ${roles}`)
    const comma = language === 'en' ? ', ' : '、'
    const expected = INSURER_ROUTES.map(
      ({ method, path, roles }) =>
        `${method} ${path} ${roles.map((role) => ROLE_WORDS[role][language]).join(comma)}`,
    )
    expect(found.toSorted()).toEqual(expected.toSorted())
  })

  it('shows the lines that are signed', () => {
    const command = {
      command: 'activate',
      jurisdiction: 'my-city',
      packs: ['0f4c…'],
      from: '2026-12-01',
    } as const
    const bytes = signedBytes(command, { key: 'k1', number: 8 })
    expect(document).toContain(`\`\`\`text\n${Buffer.from(bytes).toString('utf8')}\`\`\``)
  })
})
