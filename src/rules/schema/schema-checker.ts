import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { SchemaNode } from './schema-node.ts'
import type { SchemaBreach } from './validate.ts'

/** One for all schemas: each has to compile the schema of schemas first, which takes longer than a schema of a request. */
let ajv: Ajv2020 | undefined

/** The breaches of `schema` in what it is given, up to the first; compiled at the first use. */
export function schemaChecker(schema: SchemaNode): (value: unknown) => readonly SchemaBreach[] {
  let validate: ValidateFunction | undefined
  return (value) => {
    ajv ??= new Ajv2020({ strict: true, strictTypes: false, strictRequired: false })
    validate ??= ajv.compile(schema)
    return validate(value) ? [] : (validate.errors ?? [])
  }
}
