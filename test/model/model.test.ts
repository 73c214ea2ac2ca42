import { describe, test } from 'vitest'
import { expectAgreement, firstSeeds } from './agreement.ts'

/* 20,000 histories with seeds from 0: here, in model-more.test.ts and in coverage.test.ts. */

describe('the engine answers random histories as the plain model does', () => {
  test.each(firstSeeds(0, 18))('500 seeds from %i', async (first) => {
    await expectAgreement(first)
  })
})
