export type ReferenceKind = 'import' | 'export' | 'require' | 'dynamic' | 'asset' | 'type'

/** A module that a file names. */
export type Reference = { specifier: string; kind: ReferenceKind }

/** What a file says about others. `fault` tells why the file could not be read (wholly); the references may then be some. */
export type ModuleReading = { references: Reference[]; fault: string | null }

/** Names that a file exports, sorted, or the reason why it could not be read. */
export type ExportsReading = { names: string[]; fault: string | null }

/** No real module has a longer name; hostile ones must not be carried around. In UTF-16 units. */
export const longestSpecifier = 1_000
