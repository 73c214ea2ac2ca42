/** Most a file of packs may hold; beyond is refused with a code before any work grows with it. */
export const PACK_LIMITS = {
  /** Bytes of one file of packs or profiles, UTF-8. */
  textBytesMax: 4 * 1024 * 1024,
  /** Words, marks and spaces of one file: 200,000 codes in a list are about 800,000. */
  lexemesMax: 1_000_000,
  /** Maps and lists inside one another. */
  nestingMax: 32,
  /** Packs, notices and profiles in one file. */
  documentsMax: 500,
  benefitsMax: 200,
  /** Parameters, counters, lists, packages or cases of one pack; keys of a profile. */
  entriesMax: 1_000,
  /** Items of any other list: bands, limits, arguments of a formula. */
  itemsMax: 100,
  /** Steps of one formula with its parameters written out. */
  formulaStepsMax: 250,
  /** Parameters that name parameters that name parameters. */
  parameterChainMax: 32,
  /** Numbers, names and rows of all values of a pack, parameters written out each time they are named. */
  valuePartsMax: 4_000_000,
  /** Versions of one pack, those that notices make included. */
  versionsMax: 100,
  /** Rows of one decision table. */
  tableRowsMax: 20_000,
  /** Bytes of a file that a list comes from. */
  listBytesMax: 16 * 1024 * 1024,
  /** Codes or names of one list, inline or from a file. */
  listItemsMax: 200_000,
  /** Characters of a title, clause, source or other text for people. */
  textCharactersMax: 1_000,
  /** Names compared with unknown ones, to suggest the nearest, in one file and in all notices together. */
  namesComparedMax: 10_000,
  /** Problems listed of one file; how many more there are is said. */
  problemsMax: 500,
  /** Problems looked for in one file before the search ends. */
  problemsKept: 20_000,
} as const

/**
 * Most that the packs of one upload over HTTP may hold together, so that what is wrong with them is said within a second and the
 * next insurer's are looked at. Counts, not times. The largest policy of `rules/` has a fifth of the words, and less than a tenth of each other.
 */
export const UPLOAD_LIMITS = {
  /** Words, marks and spaces of all YAML files. */
  lexemesMax: 40_000,
  /** Bytes of all list files, and of those that lists name, each as often as it is named. */
  listBytesMax: 2 * 1024 * 1024,
  /** Characters, as JSON and with all codes of lists, of the packs that notices change, each as often as one changes it. */
  amendedCharactersMax: 8_000_000,
  /** As of `UploadSize`. */
  partsMax: 60_000,
  expressionCharactersMax: 40_000,
  patternCharactersMax: 10_000,
  caseWorkMax: 6_000,
  /** Steps of the explanations of all trial bills. */
  searchStepsMax: 15_000,
} as const
