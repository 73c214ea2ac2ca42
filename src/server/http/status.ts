import { ERROR_TRAITS, type ErrorCode } from '../../errors/codes.ts'

/** What is not here is 503 when it can be sent again as it is, else 422: understood, and refused for what it says. */
const STATUS: Readonly<Partial<Record<ErrorCode, string>>> = {
  REQUEST_MALFORMED: '400 Bad Request',
  HTTP_REQUEST_MALFORMED: '400 Bad Request',
  JSON_MALFORMED: '400 Bad Request',
  JSON_TOO_DEEP: '400 Bad Request',
  JSON_KEY_REPEATED: '400 Bad Request',
  JSON_KEY_FORBIDDEN: '400 Bad Request',
  CREDENTIAL_WRONG: '401 Unauthorized',
  OPERATION_NOT_YOURS: '403 Forbidden',
  OPERATOR_KEY_LOCAL: '403 Forbidden',
  COMMAND_UNSIGNED: '403 Forbidden',
  SIGNING_KEY_UNKNOWN: '403 Forbidden',
  SIGNATURE_WRONG: '403 Forbidden',
  PACK_OUTSIDE_GRANT: '403 Forbidden',
  DOWNLOAD_ACCESS_ENDED: '403 Forbidden',
  SECOND_PERSON_NEEDED: '403 Forbidden',
  SECOND_PERSON_SAME: '403 Forbidden',
  ROUTE_UNKNOWN: '404 Not Found',
  SETTLEMENT_UNKNOWN: '404 Not Found',
  PERSON_UNKNOWN: '404 Not Found',
  HOSPITAL_UNKNOWN: '404 Not Found',
  CONTENT_UNKNOWN: '404 Not Found',
  JURISDICTION_UNKNOWN: '404 Not Found',
  CREDENTIAL_UNKNOWN: '404 Not Found',
  GRANT_UNKNOWN: '404 Not Found',
  PROPOSAL_UNKNOWN: '404 Not Found',
  IMPORT_UNKNOWN: '404 Not Found',
  BACKUP_UNKNOWN: '404 Not Found',
  VERIFICATION_UNKNOWN: '404 Not Found',
  REGISTER_ENTRY_UNKNOWN: '404 Not Found',
  METHOD_NOT_ALLOWED: '405 Method Not Allowed',
  BODY_LATE: '408 Request Timeout',
  CREDENTIAL_EXISTS: '409 Conflict',
  SEQUENCE_USED: '409 Conflict',
  REQUEST_DIFFERS: '409 Conflict',
  BODY_TOO_LARGE: '413 Content Too Large',
  CONTENT_TYPE_WRONG: '415 Unsupported Media Type',
  LOGIN_LOCKED: '429 Too Many Requests',
  DEFECT: '500 Internal Server Error',
  STORE_WRITE_FAILED: '500 Internal Server Error',
  LEDGER_DAMAGED: '500 Internal Server Error',
  STORE_FULL: '507 Insufficient Storage',
}

/** The HTTP status line of a refusal, by its first problem. */
export function statusOf(code: ErrorCode): string {
  const other = ERROR_TRAITS[code].retryable
    ? '503 Service Unavailable'
    : '422 Unprocessable Content'
  return STATUS[code] ?? other
}
