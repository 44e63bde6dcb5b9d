import { expect, test } from 'vitest'
import { siteProblem } from './site'

test.each([
  'shop.example',
  'https://shop.example',
  '*.shop.example',
  'http://localhost:8080/',
  'пекарня.рф',
  'a',
])('%s may be a site', (site) => {
  expect(siteProblem(site)).toBe(false)
})

test.each([
  '',
  'https://shop.example/cart',
  'shop example',
  'javascript:alert(1)',
  'https://',
  '*.',
])('%s is none', (site) => {
  expect(siteProblem(site)).toBe(true)
})
