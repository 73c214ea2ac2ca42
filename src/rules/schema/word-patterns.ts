/** Path-like id of a pack or product: lower-case words parted by `/`. */
export const PACK_ID_PATTERN = '^[a-z0-9-]+(/[a-z0-9-]+)*$'
/** Name inside a pack: of a benefit, parameter, list, package, limit. */
export const NAME_PATTERN = '^[A-Za-z0-9][A-Za-z0-9_-]*$'
/** Name of a counter; a shared one may be path-like. */
export const COUNTER_NAME_PATTERN = '^[A-Za-z0-9][A-Za-z0-9_/-]*$'
/** A whole counter id: `<pack id>:<name>` or the name of a shared counter. */
export const COUNTER_ID_PATTERN = '^[A-Za-z0-9][A-Za-z0-9_/.:-]*$'
/** Any text that is not empty. */
export const TEXT_PATTERN = '\\S'

/** How each pattern is put in words in a problem. */
export const PATTERN_FORMS: Readonly<Record<string, { readonly zh: string; readonly en: string }>> =
  {
    [PACK_ID_PATTERN]: {
      zh: '小写字母、数字和连字符，分段用 /，如 cq/resident/basic',
      en: 'lower-case letters, digits and hyphens in parts joined by /, like cq/resident/basic',
    },
    [NAME_PATTERN]: {
      zh: '字母、数字、_ 和 -，如 inpatient',
      en: 'letters, digits, _ and -, like inpatient',
    },
    [COUNTER_NAME_PATTERN]: {
      zh: '字母、数字、_、- 和 /，如 annual-cap',
      en: 'letters, digits, _, - and /, like annual-cap',
    },
    [COUNTER_ID_PATTERN]: {
      zh: '累计的完整编号，如 cq/resident/basic:annual-cap',
      en: 'a whole counter id, like cq/resident/basic:annual-cap',
    },
    [TEXT_PATTERN]: { zh: '非空文字', en: 'text that is not empty' },
  }
