import { Field, InputType, Int } from '@nestjs/graphql';
import { DeploymentResultEnum } from './deployment.type.js';

@InputType()
export class DeploymentReportInput {
  @Field(() => String, { description: 'Who reports: a DNS subdomain, as in eu-1 or eu-1.example.com' })
  readonly cluster!: string;

  @Field(() => Int, { description: 'The version of the environment that was applied, or was to be' })
  readonly version!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Of what was applied, in any form in which it is served, or of its image: held against the version',
  })
  readonly digest?: string;

  @Field(() => DeploymentResultEnum)
  readonly result!: string;

  @Field(() => String, { nullable: true, description: 'For people: what went wrong' })
  readonly message?: string;
}
