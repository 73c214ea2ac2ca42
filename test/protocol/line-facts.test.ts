import { describe, expect, test } from 'vitest'
import { lineFacts } from '../../src/protocol/line-facts.ts'

describe('what a supplement repeats of the lines it takes', () => {
  test('facts by id, national names as they were written, amounts left out', () => {
    const facts = lineFacts([
      { id: 'a', name: '阿莫西林', amount: '1.00' },
      { feedetl_sn: 'b', hilist_code: 'XA01', det_item_fee_sumamt: '2.00' },
    ])
    expect(facts.get('a')).toEqual({ name: '阿莫西林' })
    expect([...facts.keys()]).toEqual(['a', 'b'])
    expect(facts.get('b')).not.toHaveProperty('det_item_fee_sumamt')
  })

  test.each([[{}], [{ id: '' }], [{ id: null }], [{ id: '', feedetl_sn: null }]])(
    'a line whose id is not stated (%o) is found by its place',
    (id) => {
      const facts = lineFacts([{ id: 'a' }, { ...id, name: '床位费' }])
      expect(facts.get('2')).toEqual({ name: '床位费' })
    },
  )

  test('an empty id does not hide the national one', () => {
    expect(lineFacts([{ id: '', feedetl_sn: 'b', name: 'x' }]).get('b')).toEqual({ name: 'x' })
  })
})
