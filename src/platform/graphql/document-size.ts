import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** How much there is in a document, fragments counted wherever they are spread. */
export interface DocumentSize {
  readonly depth: number;
  readonly aliases: number;
  /** Fields, inline fragments and spreads. */
  readonly selections: number;
  readonly directives: number;
  /** How often the most frequent name stands in one selection. */
  readonly repeats: number;
}

/** Takes a parsed document, valid or not. Each fragment is measured once, however often it is spread. */
export function documentSize(document: DocumentNode): DocumentSize {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const measure = measurer(fragments);
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const sizes = operations.map((operation) => measure(operation.selectionSet));
  return {
    depth: Math.max(0, ...sizes.map((size) => size.depth)),
    aliases: Math.max(0, ...sizes.map((size) => size.aliases)),
    selections: Math.max(0, ...sizes.map((size) => size.selections)),
    directives: countDirectives(document),
    repeats: mostRepeats(document, fragments),
  };
}

type Size = Pick<DocumentSize, 'depth' | 'aliases' | 'selections'>;

const NOTHING: Size = { depth: 0, aliases: 0, selections: 0 };

function measurer(fragments: ReadonlyMap<string, FragmentDefinitionNode>): (set: SelectionSetNode) => Size {
  const known = new Map<string, Size>();
  const ofFragment = (name: string): Size => {
    const size = known.get(name);
    if (size !== undefined) return size;
    known.set(name, NOTHING); // a cycle, which validation refuses
    const fragment = fragments.get(name);
    const measured = fragment === undefined ? NOTHING : measure(fragment.selectionSet);
    known.set(name, measured);
    return measured;
  };
  const measure = ({ selections }: SelectionSetNode): Size => {
    const size = { ...NOTHING, selections: selections.length };
    for (const node of selections) {
      const inner = sizeOf(node);
      size.depth = Math.max(size.depth, inner.depth);
      size.aliases += inner.aliases;
      size.selections += inner.selections;
    }
    return size;
  };
  const sizeOf = (node: SelectionSetNode['selections'][number]): Size => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return ofFragment(node.name.value);
    if (node.kind === Kind.INLINE_FRAGMENT) return measure(node.selectionSet);
    const inner = node.selectionSet === undefined ? NOTHING : measure(node.selectionSet);
    // How deep introspection may go, a rule of GraphQL's own says.
    const depth = node.name.value.startsWith('__') ? 1 : inner.depth + 1;
    return { ...inner, depth, aliases: inner.aliases + (node.alias === undefined ? 0 : 1) };
  };
  return measure;
}

function countDirectives(document: DocumentNode): number {
  let directives = 0;
  visit(document, { Directive: (_: DirectiveNode) => void directives++ });
  return directives;
}

/** Within fields, inline fragments and spreads, as GraphQL merges them. */
function mostRepeats(document: DocumentNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): number {
  let most = 0;
  visit(document, {
    SelectionSet: (set) => {
      const counts = new Map<string, number>();
      countNames(set, fragments, new Set(), counts);
      for (const count of counts.values()) most = Math.max(most, count);
    },
  });
  return most;
}

function countNames(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  seen: Set<string>,
  counts: Map<string, number>,
): void {
  for (const node of selections) {
    if (node.kind === Kind.FIELD) {
      const name = (node.alias ?? node.name).value;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    } else if (node.kind === Kind.INLINE_FRAGMENT) countNames(node.selectionSet, fragments, seen, counts);
    else if (!seen.has(node.name.value)) {
      seen.add(node.name.value);
      const fragment = fragments.get(node.name.value);
      if (fragment !== undefined) countNames(fragment.selectionSet, fragments, seen, counts);
    }
  }
}
