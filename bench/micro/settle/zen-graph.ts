/** `tables`: a decision table over the lines and one by level; `expressions`: one expression node does it all. */
export type ZenStyle = 'tables' | 'expressions'

/** The decision model (JDM) of the comparison; amounts in fen. */
export function zenGraph(style: ZenStyle): object {
  return style === 'tables' ? chain(TABLES) : chain(EXPRESSIONS)
}

interface GraphNode {
  readonly id: string
  readonly type: string
  readonly content: object
}

function expressions(
  entries: readonly (readonly [string, string])[],
  passThrough: boolean,
): object {
  const list = entries.map(([key, value]) => ({ id: key, key, value }))
  return { expressions: list, passThrough }
}

const EXPRESSIONS: readonly GraphNode[] = [
  {
    id: 'all',
    type: 'expressionNode',
    content: expressions(
      [
        [
          'inScope',
          'sum(map(lines, #.level == "C" ? 0 : #.level == "A" ? #.amount : #.amount - round(#.amount * #.percent / 100)))',
        ],
        [
          'fund',
          'round(max([0, $.inScope - (level == 1 ? 20000 : level == 2 ? 50000 : 80000)])' +
            ' * (level == 1 ? 0.95 : level == 2 ? 0.9 : 0.85))',
        ],
      ],
      false,
    ),
  },
]

const LINE_TABLE = {
  hitPolicy: 'first',
  executionMode: 'loop',
  inputField: 'lines',
  outputPath: 'cut',
  passThrough: true,
  inputs: [{ id: 'level', name: 'class', field: 'level' }],
  outputs: [{ id: 'inScope', name: 'in scope', field: 'inScope' }],
  rules: [
    { _id: 'A', level: '"A"', inScope: 'amount' },
    { _id: 'B', level: '"B"', inScope: 'amount - round(amount * percent / 100)' },
    { _id: 'C', level: '"C"', inScope: '0' },
  ],
}

const LEVEL_TABLE = {
  hitPolicy: 'first',
  passThrough: true,
  inputs: [{ id: 'level', name: 'hospital level', field: 'level' }],
  outputs: [
    { id: 'deductible', name: 'deductible', field: 'deductible' },
    { id: 'rate', name: 'rate', field: 'rate' },
  ],
  rules: [
    { _id: '1', level: '1', deductible: '20000', rate: '0.95' },
    { _id: '2', level: '2', deductible: '50000', rate: '0.9' },
    { _id: '3', level: '3', deductible: '80000', rate: '0.85' },
  ],
}

const TABLES: readonly GraphNode[] = [
  { id: 'lines', type: 'decisionTableNode', content: LINE_TABLE },
  {
    id: 'sum',
    type: 'expressionNode',
    content: expressions([['inScope', 'sum(map(cut, #.inScope))']], true),
  },
  { id: 'levels', type: 'decisionTableNode', content: LEVEL_TABLE },
  {
    id: 'pay',
    type: 'expressionNode',
    content: expressions([['fund', 'round(max([0, inScope - deductible]) * rate)']], false),
  },
]

/** Input, the nodes one after the other, output. */
function chain(inner: readonly GraphNode[]): object {
  const nodes = [
    { id: 'in', type: 'inputNode', content: {} },
    ...inner,
    { id: 'out', type: 'outputNode', content: {} },
  ]
  const edges = nodes.slice(1).map(({ id }, index) => ({
    id: `to-${id}`,
    type: 'edge',
    sourceId: nodes[index]?.id,
    targetId: id,
  }))
  return {
    nodes: nodes.map((node) => ({ ...node, name: node.id, position: { x: 0, y: 0 } })),
    edges,
  }
}
