/** What a plan costs on several nodes: from measured runs alone. What was not measured stays unknown. */
import { max, sum } from 'd3-array'
import { requireInRange } from '../system/errors'
import type { MeasuredCost } from './expected-cost'

/** The price of runs on a number of nodes. Null: a run like one of them has never been measured. */
export interface PlanPrice {
  nodes: number
  /** From the first run's beginning to the last one's end. Programs start, and queues wait, beside that. */
  seconds: number | null
  /** Seconds of all runs together. */
  work: number | null
  /** Bytes that each node needs. */
  memory: number | null
  /** Bytes of all finished runs' folders, and of the checkpoints of the runs under way. */
  disk: number | null
  /** Bytes that all runs read and write: at most so many cross the network to the file server. */
  traffic: number | null
  /** Runs whose time is unknown. */
  unknown: number
}

/**
 * The price of runs on nodes that carry out one run at a time. A node that is free takes the next run of the plan.
 * @param costs of the runs, in the plan's order
 * @param nodes 1 to 10,000
 * @throws LabError 'bad-argument' for another number of nodes
 * @example pricePlan(await measuredCostsOf(runs, plan.runs, sources), 2).seconds
 */
export function pricePlan(costs: readonly MeasuredCost[], nodes: number): PlanPrice {
  requireInRange('nodes', nodes, { low: 1, high: 10_000, whole: true })
  const seconds = known(costs.map(cost => cost.seconds)), memory = known(costs.map(cost => cost.memory))
  const disk = known(costs.map(cost => cost.disk)), traffic = known(costs.map(cost => cost.traffic))
  const checkpoints = known(costs.map(({ disk, peakDisk }) =>
    disk === null || peakDisk === null ? null : Math.max(0, peakDisk - disk)))
  const underWay = Math.min(nodes, costs.length)
  return {
    nodes, seconds: seconds && timeOnNodes(seconds, nodes), work: seconds && sum(seconds),
    memory: memory && (max(memory) ?? 0),
    disk: disk && checkpoints && sum(disk) + underWay * (max(checkpoints) ?? 0),
    traffic: traffic && sum(traffic), unknown: costs.filter(cost => cost.seconds === null).length,
  }
}

/** Seconds until the last of several nodes is free, where each takes the next run as soon as it is free. */
function timeOnNodes(seconds: readonly number[], nodes: number): number {
  const free = new Array<number>(Math.min(nodes, Math.max(1, seconds.length))).fill(0)
  for (const time of seconds) {
    const first = free.indexOf(Math.min(...free))
    free[first] += time
  }
  return Math.max(...free)
}

/** The numbers; null where one is unknown. */
function known(values: readonly (number | null)[]): number[] | null {
  return values.every(value => value !== null) ? [...values] : null
}
