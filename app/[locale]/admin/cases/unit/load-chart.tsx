export interface LoadChartProps {
  /** The subject of the drawing, for people who do not see it; its table has the figures. */
  readonly label: string
  readonly bars: readonly {
    readonly key: string
    readonly name: string
    readonly open: number
    readonly overdue: number
  }[]
}
