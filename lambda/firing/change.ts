import * as z from 'zod/mini';

/** The change that a delivery of GitHub or GitLab is of. */
export const changeSchema = z.object({
  provider: z.enum(['github', 'gitlab']),
  /** `owner/name`; of GitLab the path with its groups. */
  repository: z.string(),
  /** The whole hash, 40 or 64 hex digits. */
  commit: z.string(),
  /** The number of the pull or merge request. */
  pullRequest: z.optional(z.number()),
});

/** Where the commit status of a result is written. */
export type Change = z.infer<typeof changeSchema>;
