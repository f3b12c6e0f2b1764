/** Loads a package from this folder's own node_modules. */
export const load = (name: string): Promise<unknown> => import(name)
