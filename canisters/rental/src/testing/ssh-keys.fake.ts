/** Lines that `ssh-keygen` wrote, with the fingerprints that `ssh-keygen -l` printed for them. */
export const SSH_KEYS = [
  {
    type: 'ssh-ed25519',
    body: ['AAAAC3NzaC1lZDI1NTE5AAAAIGVF55Lha65t/5O6+837rRj+FbGnFt4aOtno0izYf6/9'].join(''),
    comment: 'ada@example.com',
    fingerprint: 'SHA256:7vo80zMVpoQz6vPgewrLM7+2B/FkYLhS7fX2N35JzWw',
  },
  {
    type: 'ssh-rsa',
    body: [
      'AAAAB3NzaC1yc2EAAAADAQABAAABAQC3NEtYAb+7N4hCkIbhOroyrIfnZhwXUm7GL6uqdJpa+6aH',
      'm8tQylJsFLQOe1afHW0+M4D1udynk9Nsot9RnP3N5xa0tOXGMDdwCjdEfQ+Bt+90G+o+70eWjpu7',
      'ROZwuasBbh5jI/mToeKQL3UoteyuwG0ys+pVq+sHhRi8QHh1KuM3hBZzvfTzaGac6jeNp6zZan83',
      'Fb9D+x+2v0oKD1MeXjaMYkpMURj0evUxvjjxS1KavEl2j7deaUge+NkTV/O1bvjEF9ZAogmpsoff',
      '3VxWExWethEj0/5se4FUMGNe0//60XOOJQb6+hi+t9x6K9lMcxxjwZvRcmZjmNiWt4LD',
    ].join(''),
    comment: 'old laptop',
    fingerprint: 'SHA256:1u9NR1ssB4qLhbm5oxvfPOToCsNFvS/KyZXmBET51Oc',
  },
  {
    type: 'ecdsa-sha2-nistp256',
    body: [
      'AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBPmxZqpyc2Ws0ygFT4MXtHxa',
      '0FQZh1Etc5574TS5QWrDYugRUCAzYZy369qQx3tptK3yQbSy+JHiibVhFE3vePg=',
    ].join(''),
    comment: 'ec256',
    fingerprint: 'SHA256:4huJhhrkKJDpRGckSHkZfDg4dG8Lb3SPfJhkoJLt+Ok',
  },
  {
    type: 'ecdsa-sha2-nistp384',
    body: [
      'AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBH6V+J35T7Dc4XoXxX+TIrX8',
      '9M8UsaOHy8aFnyat6P6apdgbr1ox3SV5ZVxg+H+vZhVXPFIUQyaWL3osfWlpgJF641s7781idBAY',
      '8ITX5OfB0hFHSXSzGAwFmy5ooi6s/A==',
    ].join(''),
    comment: 'ec384',
    fingerprint: 'SHA256:/epV+HUJm1dabybmclNuSDNz2aIobRJl0vv7nX7I1Mk',
  },
  {
    type: 'ecdsa-sha2-nistp521',
    body: [
      'AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAHqXfa/JAPxEAQ8OwQz7bGx',
      'Zv0q4ZMmTWNY8LHAkPTIF1XAJbj2v/EIqTNhxhpJKzqqbcxbjZewUwmUiCpUa7QPcgDvvNLJfipN',
      'NZ2GpeFxSuXpOAPAemzIQA7wRI2FlzNb6Ejv5hI5QY0rLB8ytRHquaSY7J+cAjaJyB3vnoPV9OLU',
      'WA==',
    ].join(''),
    comment: 'ec521',
    fingerprint: 'SHA256:f1P8qjETHGMT/YfCu2zLWoQLZprgL4fuGDcNDDuQI7U',
  },
] as const;

type SampleKey = (typeof SSH_KEYS)[number];

/** The whole line of a sample. */
export function lineOf({ type, body, comment }: SampleKey): string {
  return `${type} ${body} ${comment}`;
}
