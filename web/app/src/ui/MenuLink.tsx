import { Menu, type MenuItemProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, Ref } from 'react'

type Native = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'style' | 'color'> & {
  ref?: Ref<HTMLAnchorElement>
}

/** MenuLink is an item of a menu that goes somewhere. */
export const MenuLink = createLink((props: MenuItemProps & Native) => (
  <Menu.Item component="a" {...props} />
))
