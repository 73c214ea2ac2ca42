import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { SchemaNode } from './schema-node.ts'
import type { SchemaBreach } from './validate.ts'

/** The breaches of `schema` in what it is given, up to the first; compiled at the first use. */
export function schemaChecker(schema: SchemaNode): (value: unknown) => readonly SchemaBreach[] {
  let validate: ValidateFunction | undefined
  return (value) => {
    validate ??= new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(
      schema,
    )
    return validate(value) ? [] : (validate.errors ?? [])
  }
}
