import { fire, type CannonResult } from './cannon.ts'

export interface Getting {
  readonly port: number
  readonly path: string
  readonly connections: number
  readonly seconds: number
}

/** Gets an address that needs no login, as often as it is answered. */
export async function get({ port, path, connections, seconds }: Getting): Promise<CannonResult> {
  return fire({ url: `http://127.0.0.1:${port}${path}`, connections, duration: seconds })
}
