import { describe, expect, it } from 'vitest'
import { problem } from '../../../src/errors/problem.ts'
import { frameProblem } from '../../../src/protocol/frames/reply-frame.ts'

function told(code: Parameters<typeof problem>[0], details: Record<string, string>): string {
  return JSON.stringify(frameProblem(problem(code, '', details)))
}

describe('a problem as it is told', () => {
  it.each([
    "ENOENT: no such file or directory, open '/secret/my lib/errors.csv'",
    'reading "audit" of the ledger "/secret/ledger" failed (it is closed)',
    'cannot read C:\\secret\\ledger\\data.mdb',
    'at file:///secret/main.js:3:1',
    'Cannot find module /secret/a.js, imported from /secret/b.js',
  ])('names no place in what a defect says: %s', (what) => {
    expect(told('DEFECT', { what })).not.toContain('secret')
    expect(told('MAINTENANCE_FAILED', { why: what })).not.toContain('secret')
  })

  it('names no folder of the server', () => {
    const why = "EIO: write, '/secret/data.mdb'"
    expect(told('STORE_FULL', { directory: '/secret', why })).not.toContain('secret')
    expect(told('REGISTER_SPOOL_FAILED', { folder: '/secret', why: 'EIO' })).not.toContain('secret')
  })

  it('names no row of the ledger', () => {
    const row = { table: 'persons', key: '"P-secret"', why: 'checksum' }
    expect(told('LEDGER_DAMAGED', row)).not.toContain('secret')
  })

  it('says all the rest as it is', () => {
    expect(frameProblem(problem('DEFECT', '', { what: 'a/b is 3/4 of what is' })).details).toEqual({
      what: 'a/b is 3/4 of what is',
    })
    const own = { why: 'query: "/v1/x"' }
    expect(frameProblem(problem('HTTP_REQUEST_MALFORMED', '', own)).details).toEqual(own)
  })
})
