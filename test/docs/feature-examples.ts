import { documentText } from './documents.ts'
import { snippetsOf, type Snippet } from './snippets.ts'

export const FEATURES: readonly number[] = Array.from({ length: 76 }, (_, index) => index + 1)

/** Features about what funds pay hospitals at month end, which no pack can say. */
export const OUT_OF_SCOPE: readonly number[] = [71, 72]

/** Examples that are a profile or a bill, not a pack; `feature-bills.test.ts` settles them with packs. */
export const SETTLED_WITH_OTHERS: readonly number[] = [12, 38, 42, 46, 55, 57, 58, 61]

/** The example that stands below the heading of a feature, or of its benefits the one with this id. */
export function featureExample(feature: number, only?: string): Snippet {
  const [, below = ''] = documentText('pack-language', 'en').split(
    `<a id="feature-${feature}"></a>`,
  )
  const [part = ''] = below.split('<a id=')
  const [example] = snippetsOf(part)
  if (example === undefined) throw new Error(`feature ${feature} has no example`)
  if (only === undefined) return example
  const benefits = example.text.split(/^(?=- id: )/m)
  const text = benefits.find((benefit) => benefit.startsWith(`- id: ${only}\n`))
  if (text === undefined) throw new Error(`feature ${feature} has no benefit ${only}`)
  return { ...example, text }
}
