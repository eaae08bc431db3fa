import { Field, InputType } from '@nestjs/graphql';
import { CidrBlockType, NamedPortType } from '../../platform/graphql/parts.type.js';
import { Labels } from '../../platform/graphql/scalars.js';

@InputType()
export class TierPlacementInput {
  @Field(() => String, { description: 'The name of the tier' })
  readonly tier!: string;

  @Field(() => Labels, { nullable: true, description: "Laid over the podSelector's matchLabels, key by key" })
  readonly labels?: object;

  @Field(() => [NamedPortType], { nullable: true, description: 'Other numbers for ports that the tier names' })
  readonly ports?: readonly NamedPortType[];

  @Field(() => [CidrBlockType], { nullable: true, description: 'No pods here, but these addresses' })
  readonly outside?: readonly CidrBlockType[];
}

@InputType()
export class PlacementInput {
  @Field(() => String)
  readonly environment!: string;

  @Field(() => String)
  readonly application!: string;

  @Field(() => String)
  readonly namespace!: string;

  @Field(() => [TierPlacementInput], { nullable: true })
  readonly tiers?: readonly TierPlacementInput[];
}
