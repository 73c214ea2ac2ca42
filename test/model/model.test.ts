import { describe, test } from 'vitest'
import { expectAgreement, firstSeeds } from './agreement.ts'

/*
 * 20,000 histories with seeds from 0: here and in coverage.test.ts. One process for all that are here: until the code is warm, which
 * takes a thousand, a history takes four times as long.
 */

describe('the engine answers random histories as the plain model does', () => {
  test.each(firstSeeds(0, 36))('500 seeds from %i', async (first) => {
    await expectAgreement(first)
  })
})
