import { Field, ObjectType } from '@nestjs/graphql';
import { VersionedType } from '../../platform/graphql/described.type.js';
import { CidrBlockType, NamedPortType } from '../../platform/graphql/parts.type.js';
import { Labels } from '../../platform/graphql/scalars.js';

@ObjectType('TierPlacement', { description: 'How one tier differs in this environment' })
export class TierPlacementType {
  /** Which application's tier it is. */
  readonly application!: string;

  readonly tier!: string;

  @Field(() => Labels, { nullable: true, description: "Laid over the podSelector's matchLabels, key by key" })
  readonly labels?: object;

  @Field(() => [NamedPortType], { nullable: true, description: 'Other numbers for ports that the tier names' })
  readonly ports?: readonly NamedPortType[];

  @Field(() => [CidrBlockType], { nullable: true, description: 'No pods here, but these addresses' })
  readonly outside?: readonly CidrBlockType[];
}

@ObjectType('Placement', { description: 'Where an application lives in an environment' })
export class PlacementType extends VersionedType {
  @Field(() => String)
  readonly namespace!: string;
}
