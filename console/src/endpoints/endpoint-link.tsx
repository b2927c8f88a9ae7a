import { AnchorLink } from '../parts/links.tsx';
import { addresses } from '../addresses.ts';
import { useEndpoints } from './use-endpoints.ts';
import { Given } from '../parts/given.tsx';

/** An endpoint by its name; by its id where it is not known (any more). */
export function EndpointLink({ id }: { readonly id: string }) {
  const endpoints = useEndpoints();
  const name = endpoints.data?.find((endpoint) => endpoint.id === id)?.name;
  return (
    <AnchorLink to={addresses.endpoint} params={{ endpointId: id }} inherit>
      <Given text={name ?? id} />
    </AnchorLink>
  );
}
