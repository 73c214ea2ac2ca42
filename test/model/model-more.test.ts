import { describe, test } from 'vitest'
import { expectAgreement, firstSeeds } from './agreement.ts'

describe('the engine answers more random histories as the plain model does', () => {
  test.each(firstSeeds(9_000, 18))('500 seeds from %i', async (first) => {
    await expectAgreement(first)
  })
})
