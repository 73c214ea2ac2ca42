/** Sizes above which an expression, a decision table or a whole pack is refused. */
export const EXPRESSION_LIMITS = {
  characters: 2_000,
  /** Nodes of the syntax tree as the parser counts them. */
  nodes: 200,
  /** Nesting of parentheses, calls, selections and lists. */
  depth: 40,
  /** Elements of one list literal; longer ones belong into `lists:`. */
  listElements: 100,
  /** Length of a pattern, and the sum of the counts in its `{n}` and `{n,m}`. */
  patternCharacters: 500,
  patternRepeats: 200,
  /** Nodes of a decision table after rows that match several keys are unfolded. */
  tableNodes: 200_000,
  /** What one pack may cost on a bill of `costLines` lines, in the unit of `packCost`. */
  cost: 50_000_000,
  costLines: 10_000,
  /** Elements a list fact is taken to have when the cost of `exists` and `all` is estimated. */
  costListElements: 20,
  /** Nodes that one pattern match is taken to cost. */
  costPattern: 40,
} as const
