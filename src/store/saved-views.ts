/** A list with its filters and columns, under a name. */
export interface SavedView {
  readonly id: string;
  readonly ownerId: string;
  readonly ownerName: string;
  readonly name: string;
  /** Everybody sees it; its owner changes it. */
  readonly isShared: boolean;
  /** The query of the page's address, without `?`. */
  readonly query: string;
  readonly createdAt: number;
}

export interface SavedViews {
  /** One's own and those for everybody, by name. */
  list(ownerId: string): Promise<SavedView[]>;
  create(view: SavedView): Promise<void>;
  /** Undefined: unknown, or another's. */
  change(
    id: string,
    ownerId: string,
    change: Partial<Pick<SavedView, 'name' | 'isShared' | 'query'>>,
  ): Promise<SavedView | undefined>;
  remove(id: string, ownerId: string): Promise<boolean>;
}
