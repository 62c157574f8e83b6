// What every scene is drawn from.

import type { Scene, ScreenInput, Surroundings } from '../../../machine/screen-view.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'

export interface SceneProps<S extends Scene = Scene> {
  readonly catalogue: Catalogue
  readonly scene: S
  readonly surroundings: Surroundings
  readonly act: (input: ScreenInput) => void
}

export type SceneOf<K extends Scene['kind']> = Extract<Scene, { kind: K }>
