import { WebSocket } from 'ws'
import { connectTerminal, QingfenError, type Terminal } from '../client/connect-terminal.ts'
import type { ErrorCode } from '../errors/codes.ts'
import { failureOf, problem, success, type Problem } from '../errors/problem.ts'
import type { DemoKeys } from './demo-keys.ts'
import { DEMO_HOSPITAL } from './people.ts'
import type { Cashier } from './showcase.ts'

/** Terminals by hospital. */
const TILLS: Readonly<Record<string, string>> = {
  'H-LINFEN': 'till-linfen',
  'H-CQ': 'till-chongqing',
  [DEMO_HOSPITAL]: 'till-demo',
}

/** Part of what a request is: without the same moment in it, a second start would ask for something else under the same id. */
const NOT_AFTER = Date.UTC(2100, 0)

export interface Cashiers {
  readonly settle: Cashier
  close(): void
}

/** Terminals of the SDK, one for each hospital, connected to `url`. */
export function openCashiers(url: string, keys: DemoKeys): Cashiers {
  const terminals = new Map<string, Terminal>()
  const terminalOf = (hospital: string) => {
    const known = terminals.get(hospital)
    if (known !== undefined) return known
    const credential = keys[TILLS[hospital] ?? ''] ?? ''
    const terminal = connectTerminal({ url, credential, webSocket: WebSocket })
    terminals.set(hospital, terminal)
    return terminal
  }
  return {
    settle: async (hospital, requestId, bill) => {
      try {
        const body = { bill, notAfter: NOT_AFTER }
        const { answer, repeat } = await terminalOf(hospital).settle(body, { requestId })
        return success({ settlement: answer.settlement, repeat })
      } catch (error) {
        if (!(error instanceof QingfenError)) throw error
        return failureOf(error.problems.map(toldProblem))
      }
    },
    close: () => {
      for (const terminal of terminals.values()) terminal.close()
    },
  }
}

/** As this program has it; its server says no codes of others. */
function toldProblem({ code, where, details }: QingfenError['problems'][number]): Problem {
  return problem(code as ErrorCode, where, details)
}
