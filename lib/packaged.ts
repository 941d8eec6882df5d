declare const PACKAGED: Packaged | undefined;

/** What is known only where the package is made: the user's folder has another git repository, or none. */
export interface Packaged {
  /** Version and commit. */
  readonly build: string;
  /** Address of the repository in a browser. */
  readonly remote?: string;
}

/** The bundler of the package writes the value in; undefined in the repository. */
export const packaged: Packaged | undefined =
  typeof PACKAGED === 'undefined' ? undefined : PACKAGED;
