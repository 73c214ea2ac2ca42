/**
 * The first byte of a value says what it is; small numbers and references to texts and shapes that came before are that one byte.
 * Part of the format of a ledger: what a byte means never changes (docs/ledger.md, section 10).
 */

/** 0x00–0x3f: the whole number itself. */
export const SMALL_MAX = 0x3f
/** 0x40–0x7f: one of the first 64 texts. */
export const TEXT_REF = 0x40
export const TEXT_REFS = 0x40
/** 0x80–0xbf: one of the 16,384 texts after those, with the next byte. */
export const TEXT_REF_FAR = 0x80
export const TEXT_REFS_FAR = 0x4000
/** 0xd0–0xdf: a text of so many characters of ASCII, which later ones may refer to. */
export const TEXT_SHORT = 0xd0
export const TEXT_SHORT_MAX = 0x0f
/** 0xe0–0xef: an object of one of the first 16 shapes; its values follow. */
export const SHAPE_REF = 0xe0
export const SHAPE_REFS = 0x10

export const TAG = {
  null: 0xc0,
  undefined: 0xc1,
  true: 0xc2,
  false: 0xc3,
  /** A whole number from 0 up. */
  whole: 0xc4,
  /** Its magnitude less one follows. */
  negative: 0xc5,
  /** Eight bytes, the highest first. */
  double: 0xc6,
  list: 0xc7,
  /** Names, then values; later objects may refer to the names. */
  newShape: 0xc8,
  /** Number of a shape beyond the first 16, then values. */
  shape: 0xc9,
  /** Names and values of an object to whose names nothing refers. */
  looseShape: 0xca,
  map: 0xcb,
  bytes: 0xcc,
  /** UTF-8; later ones may refer to it. */
  text: 0xf0,
  /** UTF-8; nothing refers to it. */
  looseText: 0xf1,
  /** UTF-16: what is no well-formed Unicode. */
  brokenText: 0xf2,
  /** Digits of base 16, two a byte; later ones may refer to it. */
  hex: 0xf3,
  /** As `hex`, and nothing refers to it. */
  looseHex: 0xf4,
  /** The text `1234`. */
  wholeText: 0xf5,
  /** The text `12.34`, in hundredths. */
  yuanText: 0xf6,
  /** The text `-12.34`. */
  negativeYuanText: 0xf7,
  /** The text `1.2345`: how many places, then without the point. */
  decimalText: 0xf8,
  /** Of a block: the dictionary of splits that were packed together; no value. */
  dictionary: 0xf9,
  /** Of a block: a split that was packed with one of these; no value. */
  packed: 0xfa,
} as const

/** Texts that later ones may refer to: not longer, since looking them up takes as long as they are. */
export const SHARED_TEXT_MAX = 64
/** Shapes that later objects may refer to. */
export const SHAPES_MAX = 128
/** Digits of a number written as text that is kept as a number: below 2^53 whatever they are. */
export const NUMBER_TEXT_MAX = 15
