import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { PACK_SCHEMA } from './pack-schema.ts'
import { PROFILE_SCHEMA } from './profile-schema.ts'

/** A breach of the published schema, as ajv reports it. */
export type SchemaBreach = ErrorObject

const compiled = new Map<'pack' | 'profile', ValidateFunction>()

/** Every breach of the published schema in `data`. */
export function schemaBreaches(data: unknown, schema: 'pack' | 'profile'): readonly SchemaBreach[] {
  const validate = compiled.get(schema) ?? compile(schema)
  return validate(data) ? [] : (validate.errors ?? [])
}

function compile(schema: 'pack' | 'profile'): ValidateFunction {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
  })
  const validate = ajv.compile(schema === 'pack' ? PACK_SCHEMA : PROFILE_SCHEMA)
  compiled.set(schema, validate)
  return validate
}
