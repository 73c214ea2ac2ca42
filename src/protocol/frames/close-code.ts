import { ERROR_TRAITS, type ErrorCode } from '../../errors/codes.ts'

const CLOSE_CODE_BASE = 3_000
const GOING_AWAY = 1_001

/**
 * The WebSocket close code for `code`; its reason is the name of the code. Codes of the server are 3000 above their number, so
 * that they are in the range the standard leaves to applications; a server that stops is "going away" (1001).
 */
export function closeCodeOf(code: ErrorCode): number {
  return code === 'ENGINE_STOPPING' ? GOING_AWAY : CLOSE_CODE_BASE + ERROR_TRAITS[code].wire
}
