import { z } from 'zod'
import { dependencyKinds, type DependencyMap } from '../../graph/dependency-map.ts'

/** What `pawl graph --json` prints; see `DependencyMap` for what each kind means. */
export const GraphDocument = z.object({
  commit: z.string(),
  files: z.array(z.string()),
  dependencies: z.array(z.object({ from: z.string(), to: z.string(), kind: z.enum(dependencyKinds) })),
  unresolved: z.array(z.object({ from: z.string(), specifier: z.string(), kind: z.string() })),
  external: z.int(),
  entryPoints: z.array(z.string()),
}) satisfies z.ZodType<DependencyMap>
