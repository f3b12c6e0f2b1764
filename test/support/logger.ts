import type { EngineLogger } from '../../src/engine/logger.ts'

const nothing = () => {}

/** For tests that look at results, not at the log. */
export const silent: EngineLogger = { debug: nothing, info: nothing, warn: nothing, error: nothing }
