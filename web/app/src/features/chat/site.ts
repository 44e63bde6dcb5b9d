const host = /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?(:\d{1,5})?$/i

/** siteProblem tells whether a site is neither an origin (https://shop.example) nor a host with subdomains (*.shop.example). */
export function siteProblem(site: string): boolean {
  return !host.test(site.replace(/^https?:\/\//i, ''))
}
